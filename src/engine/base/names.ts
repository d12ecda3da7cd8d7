/**
 * The name of a number in a table of numbered names.
 * @throws when it has none
 */
export function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, value: number): Name {
  for (const name of Object.keys(table) as Name[]) if (table[name] === value) return name;
  throw new Error(`no name for ${value}`);
}
