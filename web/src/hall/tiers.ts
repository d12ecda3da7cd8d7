/**
 * Decides which sections of a hall stand side by side. They keep their order, from the stage to the
 * back and from left to right. So the question is where each tier ends.
 *
 * The hall should be shown as large as possible, with similar blocks side by side: of one depth,
 * and as wide on one side as on the other. For each possible width it finds the most even tiers,
 * tier by tier; then it takes the best width.
 */

/** Between two blocks of a tier, at its front. */
export const aisle = 3;
/**
 * Minimum gap between two tiers. It holds the names of the sections, which need more of it when the
 * hall is shown small.
 */
export const minGap = 4;
/** Maximum number of widths to try. */
const maxWidths = 60;

/** A section without its place in the hall. */
export interface Block {
  readonly width: number;
  readonly depth: number;
}

export interface Tier {
  /** Sections `first` to `end`, `end` not included. */
  readonly first: number;
  readonly end: number;
  readonly width: number;
  readonly depth: number;
  /** How much its blocks differ. */
  readonly uneven: number;
}

interface Way {
  readonly tiers: readonly Tier[];
  readonly uneven: number;
}

/** `aspect`: width over height of the map. At least one tier, also of a hall without sections. */
export function chooseTiers(blocks: readonly Block[], aspect: number): readonly Tier[] {
  const all = blocks.map((_, first) => blocks.slice(first).map((_, more) => tierOf(blocks, first, first + more + 1)));
  let best: readonly Tier[] = [tierOf(blocks, 0, blocks.length)];
  let bestMiss = Infinity;
  for (const most of widthsOf(blocks, all)) {
    const { tiers, uneven } = tiersWithin(all, most);
    const width = Math.max(...tiers.map((tier) => tier.width));
    const depth = depthOf(tiers);
    // The smallness of the hall on the map, plus its unevenness.
    const miss = Math.log(Math.max(width / aspect, depth)) + uneven / (width + depth);
    if (miss >= bestMiss) continue;
    best = tiers;
    bestMiss = miss;
  }
  return best;
}

/** From the front of the stage to the last row. */
export function depthOf(tiers: readonly Tier[]): number {
  return tiers.reduce((sum, tier) => sum + tier.depth + minGap, 2 * minGap);
}

/**
 * The widths of all possible tiers that are at least as wide as each block; a sample if there are
 * many.
 */
function widthsOf(blocks: readonly Block[], all: readonly (readonly Tier[])[]): number[] {
  const widest = Math.max(0, ...blocks.map(({ width }) => width));
  const widths = [...new Set(all.flat().map(({ width }) => width))].filter((width) => width >= widest);
  widths.sort((one, other) => one - other);
  const each = Math.ceil(widths.length / maxWidths);
  return widths.filter((_, at) => at % each === 0);
}

/**
 * The most even tiers up to a width; of equal ones, those with the longest tiers at the back.
 * `all`: by first block and length.
 */
function tiersWithin(all: readonly (readonly Tier[])[], most: number): Way {
  // By number of placed blocks.
  const ways: Way[] = [{ tiers: [], uneven: 0 }];
  for (let end = 1; end <= all.length; end += 1) {
    let best: Way = { tiers: [], uneven: Infinity };
    for (let first = 0; first < end; first += 1) {
      const before = ways[first];
      const tier = all[first]?.[end - first - 1];
      if (before === undefined || tier === undefined || tier.width > most) continue;
      const uneven = before.uneven + tier.uneven + (most - tier.width) ** 2 / (2 * most);
      if (uneven < best.uneven) best = { tiers: [...before.tiers, tier], uneven };
    }
    ways.push(best);
  }
  return ways.at(-1) ?? { tiers: [], uneven: 0 };
}

function tierOf(blocks: readonly Block[], first: number, end: number): Tier {
  const own = blocks.slice(first, end);
  const depth = Math.max(0, ...own.map((block) => block.depth));
  let width = Math.max(0, own.length - 1) * aisle;
  let uneven = 0;
  own.forEach((block, at) => {
    const across = own[own.length - 1 - at]?.width ?? block.width;
    width += block.width;
    uneven += (4 * (depth - block.depth)) / own.length + 3 * Math.abs(block.width - across);
  });
  return { first, end, width, depth, uneven };
}
