/** From starting the program on an empty folder to its ready line. */
import { removeFolder, temporaryFolder } from '../processes/children.ts';
import type { Report } from './report.ts';
import { HoldfastServer } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { estimate } from './statistics.ts';

export async function start(settings: BenchSettings): Promise<Report> {
  const seconds: number[] = [];
  for (let round = 0; round <= settings.rounds; round += 1) {
    settings.progress(`start ${round}/${settings.rounds}`);
    const folder = temporaryFolder();
    try {
      const server = await HoldfastServer.start({ folder });
      await server.stop();
      // The first one brings the program into the file cache, and is not counted.
      if (round > 0) seconds.push(server.readyMs / 1000);
    } finally {
      removeFolder(folder);
    }
  }
  return {
    bench: 'start',
    figures: [{ id: 'start/ready', what: 'ready on an empty folder', unit: 's', estimate: estimate(seconds) }],
    notes: [
      'from starting bin/holdfast to its ready line, the launcher included; everything installed, the file cache warm',
    ],
    complaints: [],
  };
}
