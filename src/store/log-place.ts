/** Where a store keeps its log, and with it all its other data. */
export type LogPlace =
  | { readonly kind: 'file'; readonly folder: string }
  /** Nothing outlives the process. */
  | { readonly kind: 'memory' };

/** The data folder; null for a log in memory. */
export function folderOf(place: LogPlace): string | null {
  return place.kind === 'file' ? place.folder : null;
}
