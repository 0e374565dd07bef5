import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../../../core/problem.ts'
import { versionOf } from './version.ts'

/** In real ms. */
const [BETWEEN, PATIENCE] = [10, 15_000]

/** Asks for the version until a Toxiproxy answers at `url`, or `failed` says why none ever will. Throws a Problem. */
export async function untilReady(url: string, failed: () => string | undefined): Promise<void> {
  const deadline = process.hrtime.bigint() + BigInt(PATIENCE) * 1_000_000n
  for (;;) {
    const why = failed()
    if (why !== undefined) throw new Problem(why)
    try {
      await versionOf(url)
      return
    } catch (cause) {
      if (process.hrtime.bigint() > deadline) throw cause
    }
    await sleep(BETWEEN)
  }
}
