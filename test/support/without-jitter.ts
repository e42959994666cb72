/** Retries without waiting: the delays before them are random, from 0 on. */
import { onTestFinished, vi } from 'vitest';

/** Makes every random number 0 until the test ends. */
export function withoutJitter(): void {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => random.mockRestore());
}
