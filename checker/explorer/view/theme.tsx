import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

const KEY = 'fairlead-theme';
const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const ICONS = { auto: 'auto', light: 'sun', dark: 'moon' } as const;

/** Switches between the colors of the system, light and dark. */
export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(remembered);
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    document.dispatchEvent(new Event(THEME_CHANGED));
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // Pages without storage just forget it.
    }
  }, [theme]);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
  return (
    <button
      type="button"
      class="quiet theme"
      title={`Colors: ${theme}. Switch to ${next}.`}
      aria-label={`Colors: ${theme}; switch to ${next}`}
      onClick={() => setTheme(next)}
    >
      <Icon name={ICONS[theme]} /> <span class="theme-name">{theme}</span>
    </button>
  );
}

/** Told to the document when the colors are others; what draws on a canvas has to draw again. */
export const THEME_CHANGED = 'fairlead-theme-changed';

function remembered(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((one) => one === stored) ?? 'auto';
  } catch {
    return 'auto';
  }
}
