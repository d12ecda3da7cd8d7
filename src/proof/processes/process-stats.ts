/** What the operating system says about processes: /proc on Linux, nothing elsewhere. */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc: 100 on every Linux that this runs on. */
const ticksPerSecond = 100;

/**
 * CPU seconds that a process has used so far, with its threads and without its children; 0 where
 * unknown.
 */
export function cpuSeconds(pid: number): number {
  const fields = statFields(pid);
  return fields === null ? 0 : (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/**
 * CPU seconds that the whole machine has worked so far, without waiting for disks; 0 where unknown.
 */
export function machineCpuSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0] = (
    /^cpu +(.*)$/m.exec(read('/proc/stat'))?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  return (user + nice + system + interrupts + softInterrupts) / ticksPerSecond;
}

/** The process and all its descendants, parents first. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of listProcesses()) {
    const parent = Number(statFields(name)?.[1] ?? 0);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [name]);
    else siblings.push(name);
  }
  const tree = [pid];
  for (let i = 0; i < tree.length; i += 1) tree.push(...(children.get(tree[i]!) ?? []));
  return tree;
}

/** Resident memory of a process, bytes; 0 where unknown. */
export function residentBytes(pid: number): number {
  return readStatus(pid, 'VmRSS');
}

/** Peak resident memory of a process, bytes; 0 where unknown. */
export function peakResidentBytes(pid: number): number {
  return readStatus(pid, 'VmHWM');
}

function readStatus(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/status`));
  return Number(line?.[1] ?? 0) * 1024;
}

/**
 * The fields of /proc/PID/stat from the state on. They follow the name, which may hold spaces and
 * brackets.
 */
function statFields(pid: number): string[] | null {
  const text = read(`/proc/${pid}/stat`);
  const end = text.lastIndexOf(')');
  return end < 0 ? null : text.slice(end + 2).split(' ');
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Watches how much other processes use the machine while this one measures itself. */
export class OthersWatch {
  private readonly beganMs = performance.now();
  private readonly machine = machineCpuSeconds();
  private readonly own = process.cpuUsage();

  /** Cores used by all other processes since the watch began. */
  cores(): number {
    const { user, system } = process.cpuUsage(this.own);
    const others = machineCpuSeconds() - this.machine - (user + system) / 1e6;
    return Math.max(0, (others * 1000) / (performance.now() - this.beganMs));
  }
}
