/** Scrolls to the card of a sale, and focuses its action. */
export function showCard(sale: string): void {
  const card = document.querySelector<HTMLElement>(`[data-sale="${CSS.escape(sale)}"]`);
  card?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  card?.querySelector<HTMLElement>('[data-takes-focus], button')?.focus({ preventScroll: true });
}

/** The address of a card. */
export function cardAddress(sale: string): string {
  return `/drops#${sale}`;
}

/** The sale whose card the present address names; null when it names none. */
export function addressedCard(): string | null {
  return location.hash.length > 1 ? location.hash.slice(1) : null;
}
