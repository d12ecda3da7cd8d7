/** Where a store keeps its log, and with it all the rest. */
export type LogPlace =
  | { readonly kind: 'file'; readonly folder: string }
  /** Nothing outlives the process. */
  | { readonly kind: 'memory' };

/** The data folder; null where there is none. */
export function folderOf(place: LogPlace): string | null {
  return place.kind === 'file' ? place.folder : null;
}
