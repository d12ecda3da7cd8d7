/**
 * A shoe seen from its side, toe to the right, in a box of 400 × 300. The name decides cut, sole,
 * mark and laces.
 */
import type { ReactNode } from 'react';
import type { Chance } from './chance.ts';
import { initialOf } from './chance.ts';
import type { Palette } from './palettes.ts';

type Cut = 'low' | 'mid' | 'high';
type Sole = 'cup' | 'runner' | 'flat';
type Mark = 'bolt' | 'bars' | 'letter' | 'ring' | 'wave';

/** How much higher the ankle is than that of a low shoe. */
const rise: Readonly<Record<Cut, number>> = { low: 0, mid: 24, high: 52 };

export function Shoe({ name, chance, palette }: { name: string; chance: Chance; palette: Palette }) {
  const cut = chance.pick<Cut>(['low', 'low', 'mid', 'high']);
  const sole = chance.pick<Sole>(['cup', 'runner', 'flat']);
  const mark = chance.pick<Mark>(['bolt', 'bars', 'letter', 'ring', 'wave']);
  const perforated = chance.next() < 0.5;
  const ankle = 112 - rise[cut];
  const tongue = 74 - rise[cut] * 0.92;
  return (
    <g strokeLinejoin="round" strokeLinecap="round">
      <ellipse cx="204" cy="243" rx="164" ry="9" fill={palette.dark} opacity="0.22" />
      <Tongue palette={palette} top={tongue} />
      <path d={upperPath(ankle)} fill={palette.upper} />
      <path d={collarPath(ankle)} fill={palette.dark} opacity="0.9" />
      <Heel palette={palette} ankle={ankle} high={cut !== 'low'} />
      <path d="M286 173C318 177 346 186 356 207L357 214H270C268 198 272 182 286 173Z" fill={palette.panel} />
      {perforated ? <Holes palette={palette} /> : <path d="M300 190C318 189 334 193 346 203" {...seam(palette)} />}
      <Eyestay palette={palette} ankle={ankle} />
      <Side mark={mark} name={name} palette={palette} />
      <Bottom kind={sole} palette={palette} />
    </g>
  );
}

const seam = (palette: Palette) => ({
  fill: 'none',
  stroke: palette.dark,
  strokeOpacity: 0.28,
  strokeWidth: 1.4,
  strokeDasharray: '4 4',
});

function upperPath(ankle: number): string {
  return (
    `M50 214C44 188 52 158 52 138C52 ${ankle + 22} 54 ${ankle + 6} 60 ${ankle}` +
    `C76 ${ankle - 6} 92 ${ankle + 6} 116 ${ankle + 12}C136 ${ankle + 16} 152 ${ankle + 10} 166 ${ankle - 14}` +
    `L186 ${ankle - 8}C206 128 238 158 282 171C320 178 352 186 358 212L358 218H50Z`
  );
}

function collarPath(ankle: number): string {
  return (
    `M60 ${ankle}C76 ${ankle - 6} 92 ${ankle + 6} 116 ${ankle + 12}C136 ${ankle + 16} 152 ${ankle + 10} 166 ${ankle - 14}` +
    `C160 ${ankle + 14} 140 ${ankle + 25} 114 ${ankle + 21}C92 ${ankle + 17} 78 ${ankle + 6} 60 ${ankle}Z`
  );
}

function Tongue({ palette, top }: { palette: Palette; top: number }) {
  return (
    <g>
      <path
        d={`M150 ${top + 34}C152 ${top + 14} 160 ${top} 176 ${top}C192 ${top} 200 ${top + 10} 204 ${top + 26}L232 156L176 160Z`}
        fill={palette.accent}
      />
      <path
        d={`M166 ${top + 10}C172 ${top + 5} 184 ${top + 5} 190 ${top + 12}L193 ${top + 22}L168 ${top + 24}Z`}
        fill={palette.upper}
        opacity="0.85"
      />
    </g>
  );
}

function Heel({ palette, ankle, high }: { palette: Palette; ankle: number; high: boolean }) {
  return (
    <g>
      <path d="M50 218C45 190 51 166 52 150C76 152 98 168 106 190C110 200 112 208 112 218Z" fill={palette.panel} />
      <path d="M60 166C78 170 92 184 97 214" {...seam(palette)} />
      <path
        d={`M52 138C52 ${ankle + 22} 54 ${ankle + 6} 60 ${ankle}C66 ${ankle - 3} 72 ${ankle - 2} 79 ${ankle}L76 152L52 150Z`}
        fill={palette.accent}
      />
      {high && (
        <path
          d={`M76 ${ankle + 24}C106 ${ankle + 40} 136 ${ankle + 40} 164 ${ankle + 20}L168 ${ankle + 38}C138 ${ankle + 58} 106 ${ankle + 58} 76 ${ankle + 42}Z`}
          fill={palette.panel}
        />
      )}
    </g>
  );
}

/** The panel that the laces go through, and the laces. */
function Eyestay({ palette, ankle }: { palette: Palette; ankle: number }) {
  const rows = 5;
  const start = [168, ankle + 4] as const;
  const end = [262, 166] as const;
  const laces = Array.from({ length: rows }, (_, row) => {
    const along = (row + 0.35) / rows;
    // The instep is a curve: it sags below the straight line between its ends.
    const sag = Math.sin(along * Math.PI) * (10 + (112 - ankle) * 0.16);
    const x = start[0] + (end[0] - start[0]) * along - sag * 0.3;
    const y = start[1] + (end[1] - start[1]) * along + sag;
    return { x, y };
  });
  return (
    <g>
      <path
        d={`M158 ${ankle + 6}L168 ${ankle - 16}L186 ${ankle - 8}C206 128 238 158 282 171C284 177 276 186 266 186C224 182 176 164 158 ${ankle + 34}Z`}
        fill={palette.panel}
      />
      {laces.map(({ x, y }) => (
        <g key={x}>
          <circle cx={x - 1} cy={y + 10} r="2.6" fill={palette.dark} />
          <path d={`M${x} ${y + 9}L${x + 19} ${y - 9}`} stroke={palette.sole} strokeWidth="6.5" />
        </g>
      ))}
    </g>
  );
}

function Holes({ palette }: { palette: Palette }) {
  const holes = [
    [304, 192],
    [316, 190],
    [328, 194],
    [310, 201],
    [322, 200],
    [334, 203],
  ] as const;
  return (
    <g fill={palette.dark} opacity="0.4">
      {holes.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r="2.2" />
      ))}
    </g>
  );
}

function Side({ mark, name, palette }: { mark: Mark; name: string; palette: Palette }): ReactNode {
  const { accent } = palette;
  switch (mark) {
    case 'bolt':
      return <path d="M124 206L176 170L184 184L252 178L192 207L186 195L146 212Z" fill={accent} />;
    case 'bars':
      return (
        <g stroke={accent} strokeWidth="9">
          <path d="M142 206L164 172M162 208L188 176" />
          <path d="M182 210L212 182M202 211L236 187" opacity="0.55" />
        </g>
      );
    case 'ring':
      return (
        <g fill="none" stroke={accent}>
          <circle cx="172" cy="190" r="17" strokeWidth="7" />
          <circle cx="172" cy="190" r="4" fill={accent} strokeWidth="0" />
        </g>
      );
    case 'wave':
      return (
        <path
          d="M118 204C140 172 160 210 182 190S220 180 258 192C224 188 214 206 188 204S150 196 118 204Z"
          fill={accent}
        />
      );
    case 'letter':
    default:
      return (
        <text x="136" y="210" fontSize="46" fontWeight="850" fontStyle="italic" fill={accent} className="art-letter">
          {initialOf(name)}
        </text>
      );
  }
}

function Bottom({ kind, palette }: { kind: Sole; palette: Palette }): ReactNode {
  const { sole, dark, accent } = palette;
  switch (kind) {
    case 'flat':
      return (
        <g>
          <path d="M46 214H360C364 224 360 230 350 230H58C48 230 44 222 46 214Z" fill={sole} />
          <path d="M52 230H354C350 237 344 238 338 238H66C60 238 54 236 52 230Z" fill="#b9854c" />
          <path d="M60 222H350" {...seam(palette)} />
        </g>
      );
    case 'cup':
      return (
        <g>
          <path
            d="M44 206C60 211 84 211 110 211H300C324 211 344 209 358 206C366 216 366 230 352 233H58C44 233 40 218 44 206Z"
            fill={sole}
          />
          <path d="M54 233H354C352 241 344 242 336 242H70C62 242 56 240 54 233Z" fill={dark} />
          <path d="M58 219C120 222 290 222 350 218" {...seam(palette)} />
        </g>
      );
    case 'runner':
    default:
      return (
        <g>
          <path
            d="M34 212C42 200 66 202 96 208C150 216 240 206 300 209C330 210 350 206 362 208C374 216 366 234 346 236H62C40 238 26 228 34 212Z"
            fill={sole}
          />
          <path d="M40 222C90 206 130 226 190 218C160 232 84 234 40 222Z" fill={accent} opacity="0.85" />
          <path
            d="M62 236H346C350 244 340 244 330 243L318 238L302 243L286 238L270 243L254 238L238 243L222 238L206 243L190 238L174 243L158 238L142 243L126 238L110 243L94 238L76 243C66 244 58 242 62 236Z"
            fill={dark}
          />
        </g>
      );
  }
}
