/** Access keys of gates. The form is described in `table.ts`. */
export const accessKeys = `
a key is kept by its hash, with its gates
  wait 1s
  addKey abc gates=a,b label=North → OK thing=0 position=2 kind=addKey
  addKey def → OK thing=1
  state accessKeys.0.hash=abc accessKeys.0.gates=["a","b"] accessKeys.0.label=North accessKeys.0.removed=false
  state accessKeys.0.createdAtMs=1700000001000 accessKeys.0.position=2 accessKeys.1.label=null accessKeys.length=2

a key that is there already stays as it is
  addKey abc gates=a
  addKey abc gates=b → NO_EFFECT thing=0
  state accessKeys.length=1 accessKeys.0.gates=["a"]

a key is removed once
  removeKey 0 → UNKNOWN_KEY
  addKey abc
  addKey def
  removeKey 0 → OK thing=0 kind=removeKey
  removeKey 0 → UNKNOWN_KEY
  removeKey 2 → UNKNOWN_KEY
  state accessKeys.0.removed=true accessKeys.1.removed=false

a key that was removed may be made anew, as another
  addKey abc gates=a
  removeKey 0
  addKey abc gates=b → OK thing=1
  addKey abc → NO_EFFECT thing=1
  state accessKeys.0.removed=true accessKeys.1.removed=false accessKeys.1.gates=["b"]
`;
