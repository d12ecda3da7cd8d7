/** The colours of the page, for what is painted and not styled. */

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
 * As they are now: a probe is asked, since the tokens themselves hold one colour for light and one
 * for dark.
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
 * Calls when the system goes from light to dark or back, and when letters have come that were
 * painted in others. Returns how to stop.
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
