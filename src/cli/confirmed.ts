/** Asks before something is deleted. */
import { createInterface } from 'node:readline/promises';

/**
 * Whether the user at the terminal types yes. Without a terminal nobody does, and `instead` is
 * told.
 */
export async function confirmed(question: string, instead: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error(`holdfast: ${instead}`);
    return false;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`${question} Type yes: `);
  prompt.close();
  return answer.trim().toLowerCase() === 'yes';
}
