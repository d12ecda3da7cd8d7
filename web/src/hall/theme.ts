/** The colours of the page, for canvases. */

export interface Theme {
  readonly ink: string;
  readonly soft: string;
  readonly edge: string;
  readonly line: string;
  readonly sheet: string;
  readonly choice: string;
  readonly onChoice: string;
  readonly signal: string;
  readonly onSignal: string;
  readonly good: string;
  readonly onGood: string;
  readonly font: string;
}

/**
 * The present colours. They are read from a probe element, since each token holds a light and a
 * dark colour.
 */
export function themeOf(within: HTMLElement): Theme {
  const probe = document.createElement('span');
  probe.hidden = true;
  within.append(probe);
  const colour = (token: string): string => {
    probe.style.color = `var(--color-${token})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    ink: colour('ink'),
    soft: colour('soft'),
    edge: colour('edge'),
    line: colour('line'),
    sheet: colour('sheet'),
    choice: colour('choice'),
    onChoice: colour('on-choice'),
    signal: colour('signal'),
    onSignal: colour('on-signal'),
    good: colour('good'),
    onGood: colour('on-good'),
    font: getComputedStyle(within).fontFamily,
  };
  probe.remove();
  return theme;
}

/**
 * Calls when the system switches between light and dark, and when the web font has loaded. Returns
 * a function that stops this.
 */
export function onThemeChange(listener: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', listener);
  document.fonts.addEventListener('loadingdone', listener);
  return () => {
    dark.removeEventListener('change', listener);
    document.fonts.removeEventListener('loadingdone', listener);
  };
}
