// Shows the progress of all tests: a line a file, and failures in full.
'use strict';

/** A file that takes longer is named while it runs, ms. */
const longMs = 30_000;

/** Counts the files of all runners. `print` takes a line. */
class Progress {
  constructor(total, print = console.log) {
    this.total = total;
    this.print = print;
    this.done = 0;
    /** What runs, by runner. */
    this.running = new Map();
    this.timer = setInterval(() => this.tellLong(), longMs);
  }

  /** A runner begins a file. */
  begin(runner, file) {
    this.running.set(runner, { file, sinceMs: performance.now() });
  }

  /** A runner has finished a file. `ms`: the time of its tests. */
  end(runner, file, ms) {
    this.running.delete(runner);
    this.done += 1;
    this.print(`${this.count()} ${this.named(runner, file)} ${seconds(ms)}`);
  }

  tellLong() {
    for (const [runner, { file, sinceMs }] of this.running) {
      const ms = performance.now() - sinceMs;
      if (ms >= longMs) this.print(`${this.count()} ${this.named(runner, file)} runs since ${seconds(ms)}`);
    }
  }

  /** What runs now, as a sentence. */
  whereabouts() {
    const at = [...this.running].map(([runner, { file }]) => this.named(runner, file));
    return `${this.done} of ${this.total} files were through${at.length > 0 ? `; at ${at.join(', ')}` : ''}`;
  }

  stop() {
    clearInterval(this.timer);
  }

  count() {
    const width = String(this.total).length;
    return `[${String(this.done).padStart(width)}/${this.total}]`;
  }

  named(runner, file) {
    return runner === 'Node' ? `${file} on Node` : file;
  }
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * Reads what `bun test` prints. A file's name comes just before its first result. A test's own
 * output comes before its result, and is passed on only for a failure, or where no result follows.
 */
class BunOutput {
  constructor(files, progress) {
    this.files = files;
    this.progress = progress;
    /** Which file reports; -1 before the first. */
    this.at = -1;
    /** The time of that file's tests so far, ms. */
    this.tookMs = 0;
    this.pending = [];
    this.afterFailure = false;
    progress.begin('Bun', files[0]);
  }

  line(text) {
    const file = /^(\S.*\.test\.tsx?):$/.exec(text)?.[1];
    const result = /^\((pass|skip|todo|fail)\) /.exec(text)?.[1];
    if (file !== undefined && this.files.includes(file)) this.beginFile(file);
    else if (result !== undefined) this.result(result, text);
    // A mark under a failure says that the time was up.
    else if (this.afterFailure && /^\s+\^ /.test(text)) this.progress.print(text);
    else this.pending.push(text);
  }

  /** The runner has ended. */
  close() {
    this.endUntil(this.files.length);
    this.flush();
  }

  beginFile(file) {
    // Files without a test of the requested name are skipped in silence.
    this.endUntil(this.files.indexOf(file));
  }

  result(result, text) {
    this.tookMs += Number(/\[([\d.]+)ms\]$/.exec(text)?.[1] ?? 0);
    if (result === 'fail') {
      this.flush();
      this.progress.print(text);
    }
    this.pending = [];
    this.afterFailure = result === 'fail';
  }

  endUntil(next) {
    // What was printed behind the last result belongs to no test.
    this.flush();
    for (; this.at < next; this.at += 1) {
      if (this.at >= 0) this.progress.end('Bun', this.files[this.at], this.tookMs);
      this.tookMs = 0;
    }
    if (next < this.files.length) this.progress.begin('Bun', this.files[next]);
  }

  flush() {
    if (this.pending.some((line) => line.trim() !== '')) for (const line of this.pending) this.progress.print(line);
    this.pending = [];
    this.afterFailure = false;
  }
}

module.exports = { BunOutput, Progress };
