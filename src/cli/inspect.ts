/**
 * `holdfast inspect` shows a data folder's log and state, for people or as JSON. It only reads,
 * also while a server runs.
 */
import path from 'node:path';
import type { StateDump } from '../engine/dump.ts';
import { formatTime } from '../doors/kit/ids.ts';
import { dump, stateHash } from '../engine/dump.ts';
import type { Engine } from '../engine/engine.ts';
import { outcomeOf } from '../engine/outcomes.ts';
import { describeCommand } from '../engine/record.ts';
import type { FileLogReading, FileLogTail } from '../log/file/reader.ts';
import { FileLogReader, inspectTail } from '../log/file/reader.ts';
import type { Batch } from '../log/log.ts';
import { outcomeHash, Replay } from '../replica/replay.ts';
import { replayStart } from '../store/replay-start.ts';
import { snapshotPositions } from '../store/snapshot-files.ts';
import type { CliCommand } from './command.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { dataFolderOf, requireLog } from './folder-flags.ts';
import { readBehind } from './replayed.ts';

const usage = `holdfast inspect [--data ./data] [--records [--from N] [--count 20]] [--state] [--json]

  Replays the log from its beginning, or from its oldest snapshot where it was trimmed, checks it on the way, and says what is
  there. Changes nothing; a server may run.
  --records   the records from a position on, each with its outcome
  --state     every sale, hold, order and customer (with --json: all of it; else the sales)
  --json      one JSON object`;

interface Asked {
  readonly folder: string;
  readonly records: boolean;
  readonly state: boolean;
  readonly json: boolean;
  readonly from: number;
  readonly count: number;
}

interface RecordView {
  readonly position: number;
  readonly time: string;
  readonly outcome: string;
  readonly replayed: boolean;
  readonly command: Record<string, unknown>;
}

export const inspect: CliCommand = {
  summary: 'Show what is in a data folder: log and state',
  usage,
  run: async (args) => {
    const given = readArgs(args);
    requireLog(given.folder);
    const reader = new FileLogReader({ folder: given.folder });
    const engine = await replayStart(reader, given.folder);
    const asked = { ...given, from: Math.max(given.from, engine.position + 1) };
    const records: RecordView[] = [];
    const reading = await readBehind(engine, reader, replayer(engine, asked, records));
    const found: Found = { asked, reading, tail: inspectTail({ folder: asked.folder }), engine, records };
    if (asked.json) console.log(JSON.stringify(asJson(found), null, 2));
    else speak(found);
    return 0;
  },
};

interface Found {
  readonly asked: Asked;
  readonly reading: FileLogReading;
  readonly tail: FileLogTail;
  readonly engine: Engine;
  readonly records: readonly RecordView[];
}

const flags = {
  data: 'string',
  records: 'boolean',
  state: 'boolean',
  json: 'boolean',
  from: 'string',
  count: 'string',
} as const;

function readArgs(args: readonly string[]): Asked {
  const { values } = parseFlags(args, flags);
  return {
    folder: dataFolderOf(values.data),
    records: values.records ?? false,
    state: values.state ?? false,
    json: values.json ?? false,
    from: wholeNumber('--from', values.from ?? '1', 1),
    count: wholeNumber('--count', values.count ?? '20', 1),
  };
}

/** Applies batches, and keeps the requested records. */
function replayer(engine: Engine, asked: Asked, records: RecordView[]): (batch: Batch) => void {
  const replay = new Replay(engine);
  const last = asked.from + asked.count - 1;
  if (!asked.records) return (batch) => replay.apply(batch);
  return (batch) => {
    replay.apply(batch, (command, outcome) => {
      const { position } = engine;
      if (position < asked.from || position > last) return;
      records.push({
        position,
        time: formatTime(batch.timeMs),
        outcome: outcomeOf(outcome.row.number).code,
        replayed: outcome.replayed,
        command: describeCommand(command),
      });
    });
  };
}

function asJson(found: Found): Record<string, unknown> {
  const { reading, tail, engine, asked } = found;
  const dumped = engine.isEmpty ? null : dump(engine);
  return {
    folder: asked.folder,
    start: reading.start,
    end: reading.end,
    tail: tail.state,
    segments: reading.segments,
    snapshots: snapshotPositions(asked.folder),
    outcomeHash: outcomeHash(engine),
    stateHash: dumped === null ? null : stateHash(dumped),
    genesis: engine.isEmpty ? null : engine.state.genesis,
    settings: engine.isEmpty ? null : engine.state.settings,
    sales: dumped?.sales ?? [],
    ...(asked.records ? { records: found.records } : {}),
    ...(asked.state ? { state: dumped } : {}),
  };
}

function speak(found: Found): void {
  const { reading, tail, engine, asked, records } = found;
  console.log(asked.folder);
  console.log(`  log        positions ${reading.start} to ${reading.end - 1}, tail ${tail.state}`);
  for (const segment of reading.segments) {
    const mebibytes = (segment.sizeBytes / 1024 / 1024).toFixed(0);
    console.log(`             ${path.basename(segment.path)} from position ${segment.first}, ${mebibytes} MiB`);
  }
  const snapshots = snapshotPositions(asked.folder);
  console.log(`  snapshots  ${snapshots.length === 0 ? 'none' : `at positions ${snapshots.join(', ')}`}`);
  if (engine.isEmpty) return;
  const dumped = dump(engine);
  console.log(`  log time   ${formatTime(engine.nowMs)}`);
  const { civil, epochs } = engine.state;
  if (civil.offsetMs !== 0) console.log(`  dates      ${civil.offsetMs / 1000} s from log time`);
  console.log(`  epoch      ${epochs.at(engine.position) ?? 'none'}, ${epochs.positions.length} starts`);
  console.log(`  outcomes   hash ${outcomeHash(engine)} at position ${engine.position}`);
  console.log(`  state      hash ${stateHash(dumped)}`);
  console.log(
    `  things     ${dumped.sales.length} sales, ${dumped.orders.length} orders, ${dumped.holds.length} holds, ` +
      `${dumped.customers.length} customers, ${dumped.keys} idempotency keys`,
  );
  if (asked.state) speakSales(dumped);
  for (const record of records) {
    const replayed = record.replayed ? ' (replayed)' : '';
    console.log(
      `  ${record.position}  ${record.time}  ${record.outcome}${replayed}  ${JSON.stringify(record.command)}`,
    );
  }
}

function speakSales(dumped: StateDump): void {
  dumped.sales.forEach((sale, row) => {
    const left = sale.capacity - sale.sold - sale.held;
    console.log(
      `  sale ${row + 1}     ${sale.name}: ${sale.sold} sold, ${sale.held} held, ${left} of ${sale.capacity} left, ${sale.state}`,
    );
  });
}
