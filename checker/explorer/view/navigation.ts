import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { formatAddress, parseAddress } from '../address.ts';
import type { Address } from '../address.ts';

/** How to get to another address. Steps within a behavior replace each other, so that Back leaves it. */
export type Navigate = (to: Address) => void;

/** Milliseconds that the bar of addresses lags behind: browsers refuse to rewrite it many times a second. */
const LAG = 150;

/** Where the page is, and how to go elsewhere. */
export function useAddress(): readonly [Address, Navigate] {
  const [address, setAddress] = useState(() => parseAddress(location.hash));
  const written = useRef(location.hash);
  const timer = useRef(0);

  useEffect(() => {
    const listen = (): void => {
      if (location.hash === written.current) return;
      window.clearTimeout(timer.current);
      written.current = location.hash;
      setAddress(parseAddress(location.hash));
    };
    window.addEventListener('hashchange', listen);
    return () => window.removeEventListener('hashchange', listen);
  }, []);

  const navigate = useCallback((to: Address): void => {
    setAddress((from) => {
      const fragment = formatAddress(to);
      const isStep = from.model === to.model && sameView(from, to);
      window.clearTimeout(timer.current);
      const write = (): void => {
        written.current = fragment;
        if (isStep) location.replace(fragment);
        else location.assign(fragment);
      };
      if (isStep) timer.current = window.setTimeout(write, LAG);
      else write();
      return to;
    });
  }, []);
  return [address, navigate];
}

function sameView(left: Address, right: Address): boolean {
  const nameOf = ({ view }: Address): string => (view.kind === 'behavior' ? `/${view.property}` : view.kind);
  return nameOf(left) === nameOf(right);
}
