/**
 * Makes what asks for the latest state do so once at a time, however often that changes: who calls
 * it meanwhile has it run once more afterwards.
 *
 * @param pace - how long to wait between two runs, in milliseconds
 */
export function oneAtATime(work: () => Promise<void>, pace = 0): () => void {
  let isRunning = false;
  let isStale = false;
  return () => {
    isStale = true;
    if (isRunning) return;
    isRunning = true;
    void run();
  };

  async function run(): Promise<void> {
    while (isStale) {
      isStale = false;
      await work();
      if (pace > 0) await new Promise((resolve) => setTimeout(resolve, pace));
    }
    isRunning = false;
  }
}
