/** Keeps the focus when its button disappears. */
import { useLayoutEffect, useRef } from 'react';

/**
 * When the focused element disappears because the deal went on, the focus goes to the new panel,
 * not to the top of the page.
 */
export function useKeptFocus(stage: string) {
  const panel = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const element = panel.current;
    if (element === null) return undefined;
    const enter = (): void => void (hadFocus.current = true);
    const leave = ({ target, relatedTarget }: FocusEvent): void => {
      if (relatedTarget !== null) {
        hadFocus.current = relatedTarget instanceof Node && element.contains(relatedTarget);
        return;
      }
      // The focus goes nowhere, by a click elsewhere or because the button disappears. Which of
      // them it was shows afterwards.
      queueMicrotask(() => {
        if (target instanceof Node && element.contains(target)) hadFocus.current = false;
      });
    };
    element.addEventListener('focusin', enter);
    element.addEventListener('focusout', leave);
    return () => {
      element.removeEventListener('focusin', enter);
      element.removeEventListener('focusout', leave);
    };
  }, []);
  useLayoutEffect(() => {
    const element = panel.current;
    const active = document.activeElement;
    if (element === null || !hadFocus.current || (active !== null && active !== document.body)) return;
    const target = element.querySelector<HTMLElement>('[data-takes-focus], button');
    target?.focus({ preventScroll: true });
  }, [stage]);
  return panel;
}
