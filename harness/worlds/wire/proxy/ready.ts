import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../../../core/problem.ts'
import { TOXIPROXY_POLL_MS, TOXIPROXY_READY_TIMEOUT_MS } from '../timeouts.ts'
import { versionOf } from './version.ts'

/**
 * Waits until a Toxiproxy responds at `url`. Throws a Problem at the timeout, or as soon as
 * `failed` returns a reason why no response will come.
 */
export async function untilReady(url: string, failed: () => string | undefined): Promise<void> {
  const deadline = process.hrtime.bigint() + BigInt(TOXIPROXY_READY_TIMEOUT_MS) * 1_000_000n
  for (;;) {
    const why = failed()
    if (why !== undefined) throw new Problem(why)
    try {
      await versionOf(url)
      return
    } catch (cause) {
      if (process.hrtime.bigint() > deadline) throw cause
    }
    await sleep(TOXIPROXY_POLL_MS)
  }
}
