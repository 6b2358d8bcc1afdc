import { render } from 'preact';
import './visible-text.ts';
import type { PageData } from '../page-data.ts';
import { DATA_ELEMENT } from '../page.ts';
import { fromPool } from '../pool.ts';
import type { Pool } from '../pool.ts';
import { App } from './app.tsx';

const text = document.getElementById(DATA_ELEMENT)?.textContent ?? '';
const data = fromPool(JSON.parse(text) as Pool) as unknown as PageData;
const root = document.getElementById('page');
if (root !== null) {
  root.replaceChildren();
  render(<App data={data} />, root);
}
