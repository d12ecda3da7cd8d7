/**
 * Colourways: the background and the leather. Each has its own mood, to tell two cards apart at a
 * glance.
 */

export interface Palette {
  readonly name: string;
  readonly stage: string;
  /** The shape behind, near the stage in lightness. */
  readonly shade: string;
  readonly upper: string;
  readonly panel: string;
  readonly accent: string;
  readonly sole: string;
  /** Outsole, lining, laces' holes. */
  readonly dark: string;
}

function palette(name: string, colours: string): Palette {
  const [stage = '', shade = '', upper = '', panel = '', accent = '', sole = '', dark = ''] = colours.split(' ');
  return { name, stage, shade, upper, panel, accent, sole, dark };
}

export const palettes: readonly [Palette, ...Palette[]] = [
  palette('harbour', '#bcd3de #a4c2d1 #f6f4ec #1f4a63 #e4572e #fdfcf7 #14262f'),
  palette('brick', '#e8b9a0 #dda487 #f4ede1 #a62f1f #17191c #fbf8f1 #2a1511'),
  palette('moss', '#c5cfae #b1be95 #ece8d9 #4d5f35 #d98f2b #f8f6ec #20281a'),
  palette('slate', '#c9cbd1 #b6b9c1 #8d939d #5f6670 #d9ff3f #eef0f2 #23272d'),
  palette('sun', '#f4cf6b #ecbf4a #fffaf0 #16233f #e4572e #fffdf6 #111a2e'),
  palette('plum', '#d5bfd9 #c5a9cb #f5eef5 #5b2a63 #ff7a4d #fcf8fb #2a1430'),
  palette('mint', '#b4dcc9 #9bcdb5 #fbfaf3 #0f6b4e #101213 #ffffff #0b2f24'),
  palette('night', '#27313f #313d4e #e9e6dc #7d8ea6 #ffb13d #f3f1e9 #10151c'),
  palette('coral', '#f5b7a6 #eda18d #fdf6ee #274c77 #f6e05e #fffaf3 #15283f'),
  palette('sand', '#ddd0b6 #cfbf9f #faf6ec #b08442 #20423f #f5eedd #2e2417'),
  palette('cobalt', '#a9bdf2 #8fa7e8 #ffffff #1c39a8 #ffd23f #f7f8fc #101c4d'),
  palette('ash', '#e3e1da #d2cfc6 #ffffff #17191c #2f8f5b #f3efe3 #17191c'),
];
