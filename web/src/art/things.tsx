/**
 * Pictures of other goods: a ticket, a device, and for any other name a composition of plain
 * shapes. Boxes of 400 × 300.
 */
import type { Chance } from './chance.ts';
import { initialOf } from './chance.ts';
import type { Palette } from './palettes.ts';

interface Subject {
  readonly name: string;
  readonly chance: Chance;
  readonly palette: Palette;
}

export function Ticket({ name, chance, palette }: Subject) {
  const tilt = chance.between(-9, -4);
  const initials = initialsOf(name);
  const bars = Array.from({ length: 15 }, (_, i) => ({ y: 92 + i * 8, height: chance.pick([2, 3, 5]) }));
  return (
    <g transform={`rotate(${tilt} 200 150)`}>
      <path d={stub} transform="translate(9 15) rotate(5 200 150)" fill={palette.dark} opacity="0.2" />
      <path d={stub} transform="rotate(5 200 150)" fill={palette.accent} />
      <path d={stub} fill={palette.upper} />
      <path d="M272 84V216" stroke={palette.dark} strokeOpacity="0.4" strokeWidth="2" strokeDasharray="3 7" />
      <g fill={palette.dark}>
        {bars.map(({ y, height }) => (
          <rect key={y} x="290" y={y} width="40" height={height} />
        ))}
      </g>
      <path d="M70 84H256V124H70Z" fill={palette.panel} />
      <circle cx="236" cy="104" r="9" fill={palette.accent} />
      <text x="70" y="206" fontSize="76" fontWeight="850" fill={palette.dark} className="art-letter">
        {initials}
      </text>
    </g>
  );
}

const stub =
  'M58 68H264A9 9 0 0 0 282 68H342A10 10 0 0 1 352 78V138A12 12 0 0 0 352 162V222A10 10 0 0 1 342 232H282A9 9 0 0 0 264 232H58A10 10 0 0 1 48 222V162A12 12 0 0 0 48 138V78A10 10 0 0 1 58 68Z';

export function Device({ chance, palette }: Subject) {
  const blocks = Array.from({ length: 12 }, (_, i) => ({
    x: 160 + (i % 3) * 28,
    y: 70 + Math.floor(i / 3) * 28,
    fill: chance.pick([palette.panel, palette.accent, palette.shade, palette.upper]),
  }));
  return (
    <g transform="rotate(8 200 150)">
      <rect
        x="144"
        y="46"
        width="116"
        height="222"
        rx="20"
        fill={palette.dark}
        opacity="0.22"
        transform="translate(10 12)"
      />
      <rect x="142" y="40" width="116" height="222" rx="20" fill={palette.dark} />
      <rect x="149" y="47" width="102" height="208" rx="14" fill={palette.sole} />
      {blocks.map(({ x, y, fill }) => (
        <rect key={`${x} ${y}`} x={x} y={y} width="24" height="24" rx="7" fill={fill} />
      ))}
      <path d="M160 204H240M160 220H214" stroke={palette.dark} strokeWidth="7" strokeLinecap="round" />
      <rect x="182" y="53" width="36" height="8" rx="4" fill={palette.dark} />
    </g>
  );
}

/** Circles, arches and bars on a grid of three by two, in the manner of building blocks. */
export function Composition({ chance, palette }: Subject) {
  const colours = [palette.upper, palette.panel, palette.accent, palette.sole, palette.dark] as const;
  const cells = Array.from({ length: 6 }, (_, i) => ({
    x: 80 + (i % 3) * 80,
    y: 70 + Math.floor(i / 3) * 80,
    shape: chance.pick<Shape>(['disc', 'arch', 'quarter', 'bars', 'drop']),
    turn: chance.pick([0, 90, 180, 270]),
    fill: chance.pick(colours),
    ground: chance.pick(colours),
  }));
  return (
    <g>
      {cells.map((cell) => (
        <g key={`${cell.x} ${cell.y}`} transform={`translate(${cell.x} ${cell.y}) rotate(${cell.turn} 40 40)`}>
          <rect width="80.4" height="80.4" fill={cell.ground} />
          <path d={shapes[cell.shape]} fill={cell.fill === cell.ground ? palette.stage : cell.fill} />
        </g>
      ))}
    </g>
  );
}

const shapes = {
  disc: 'M40 6A34 34 0 1 1 39.9 6Z',
  arch: 'M0 80V40A40 40 0 0 1 80 40V80H56V42A16 16 0 0 0 24 42V80Z',
  quarter: 'M0 0H80A80 80 0 0 1 0 80Z',
  bars: 'M0 0H80V14H0ZM0 28H80V42H0ZM0 56H80V70H0Z',
  drop: 'M0 0H40A40 40 0 1 1 0 40Z',
} as const;

type Shape = keyof typeof shapes;

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => initialOf(word))
    .join('');
}
