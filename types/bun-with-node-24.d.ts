// Bun's types name a type that @types/node has only from 25 on; without it `TextEncoder.encodeInto`
// gives `any`. We keep the types of Node 24, since the engine, the log and the sdk are to run
// there.
import 'node:util';

declare module 'node:util' {
  interface TextEncoderEncodeIntoResult {
    read: number;
    written: number;
  }
}
