/** The machine of the figures. */
import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, temporaryIsMemory } from '../src/proof/processes/children.ts';

const folder = dirname(fileURLToPath(import.meta.url));

/** The Node that runs the peers: the pinned one of the tests, else the one on the PATH. */
export function nodeProgram(): string {
  const pinned = join(root, 'node_modules', 'node', 'bin', 'node');
  return existsSync(pinned) ? pinned : (Bun.which('node') ?? 'node');
}

/** A program's stdout, trimmed; '' when it fails. */
export function outputOf(command: readonly string[]): string {
  try {
    return Bun.spawnSync([...command], { cwd: root, stderr: 'ignore' })
      .stdout.toString()
      .trim();
  } catch {
    return '';
  }
}

/** Name and value, in the order to be shown. */
export function machineFacts(): [string, string][] {
  const models = cpus().map(({ model }) => model.trim());
  const [model = 'unknown'] = models;
  const changed =
    outputOf(['git', 'status', '--porcelain', '--untracked-files=no']) === '' ? '' : ', with uncommitted changes';
  return [
    ['date', new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC'],
    ['commit', `${outputOf(['git', 'rev-parse', '--short', 'HEAD']) || 'unknown'}${changed}`],
    ['machine', `${models.length} cores of ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB of memory`],
    ['system', `${type()} ${release()}; virtual machine: ${virtualMachine()}`],
    ['disk of the data folders', temporaryIsMemory() ? 'none: memory' : fileSystem()],
    ['Bun (Holdfast, bare server, load)', Bun.version],
    ['Node (peers)', outputOf([nodeProgram(), '--version'])],
    ['Node (buyers of the rush)', outputOf(['node', '--version'])],
    ['packages of the peers', packageVersions()],
  ];
}

function virtualMachine(): string {
  return /^flags\s*:.*\bhypervisor\b/m.test(read('/proc/cpuinfo')) ? 'yes' : 'not told';
}

function fileSystem(): string {
  return outputOf(['stat', '--file-system', '--format=%T', tmpdir()]) || 'unknown';
}

function packageVersions(): string {
  const { dependencies } = JSON.parse(read(join(folder, 'package.json'))) as { dependencies: Record<string, string> };
  return Object.entries(dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
