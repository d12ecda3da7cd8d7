/** Access keys of gates. The form is described in `table.ts`. */
export const accessKeys = `
a key is kept by its hash, with its gates
  addGate a
  addGate b
  wait 1s
  addKey abc gates=a,b label=North → OK thing=0 position=4 kind=addKey
  addKey def gates=b → OK thing=1
  state accessKeys.0.hash=abc accessKeys.0.gates=["a","b"] accessKeys.0.label=North accessKeys.0.removed=false
  state accessKeys.0.createdAtMs=1700000001000 accessKeys.0.position=4 accessKeys.1.label=null accessKeys.length=2

a key is of gates that are known
  addKey abc gates=a → UNKNOWN_GATE
  addGate a
  addKey abc gates=a,b → UNKNOWN_GATE
  addKey abc gates=A → UNKNOWN_GATE
  state accessKeys=[]
  addKey abc gates=a → OK thing=0

a key that is there already stays as it is
  addGate a
  addGate b
  addKey abc gates=a
  addKey abc gates=b → NO_EFFECT thing=0
  addKey abc gates=c → UNKNOWN_GATE
  state accessKeys.length=1 accessKeys.0.gates=["a"]

a key is removed once
  removeKey 0 → UNKNOWN_KEY
  addGate a
  addKey abc gates=a
  addKey def gates=a
  removeKey 0 → OK thing=0 kind=removeKey
  removeKey 0 → UNKNOWN_KEY
  removeKey 2 → UNKNOWN_KEY
  state accessKeys.0.removed=true accessKeys.1.removed=false

a key that was removed may be made anew, as another
  addGate a
  addGate b
  addKey abc gates=a
  removeKey 0
  addKey abc gates=b → OK thing=1
  addKey abc gates=a → NO_EFFECT thing=1
  state accessKeys.0.removed=true accessKeys.1.removed=false accessKeys.1.gates=["b"]
`;
