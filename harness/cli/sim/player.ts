import { performance } from 'node:perf_hooks'
import type { Event } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import type { Invariant } from '../../core/invariant.ts'
import { Problem } from '../../core/problem.ts'
import { TRACE_CHANNELS } from '../../core/trace.ts'
import { judge } from '../../run/judge.ts'
import { scenarioResult } from '../../run/result.ts'
import type { Job } from '../execute/plan.ts'
import {
  type About,
  historyOf,
  type PlayedRun,
  type Player,
  type PlayOptions,
  unfinishedRun,
} from '../execute/player.ts'
import type { PlayMessage } from './messages.ts'
import { SimThread, type ThreadEnd } from './thread.ts'

export interface SimPlayerOptions {
  /** The most threads at a time. */
  readonly threads: number
  /** The most real milliseconds of a run. */
  readonly timeoutMs: number
  /** Default: 5 s, after which Android offers to close an app that does not respond. */
  readonly frozenAfterMs?: number
  /** For the run of a client that froze: its thread cannot judge it any more. */
  readonly invariants: readonly Invariant[]
}

/**
 * Plays the sim in threads, so that this one can end a client that never returns. In a thread a run
 * has the same history as in the main thread.
 */
export function simPlayer({
  threads,
  timeoutMs,
  frozenAfterMs = 5000,
  invariants,
}: SimPlayerOptions): Player {
  const limits = { timeoutMs, frozenAfterMs }
  const all = new Set<SimThread>()
  const idle: SimThread[] = []
  const take = () => {
    const thread = idle.pop()
    if (thread?.alive) return thread
    const fresh = new SimThread()
    all.add(fresh)
    return fresh
  }
  const drop = async (thread: SimThread) => {
    all.delete(thread)
    await thread.close()
  }
  return {
    about: 'virtual time, in one process',
    concurrency: threads,
    async play(job, options) {
      const began = performance.now()
      const lines: string[] = []
      const log = options.newLog()
      const thread = take()
      const end = await thread.play(messageOf(job, options), limits, {
        onPhase: options.onPhase,
        onEvent: (json) => lines.push(json),
        onLog: log,
        trace: options.trace,
      })
      if (end.type === 'judged') idle.push(thread)
      else await drop(thread)
      const events = lines.map((json) => JSON.parse(json) as Event)
      const history = historyOf(job, events)
      if (end.type === 'judged') return { result: end.result, history }
      const about = { realMs: performance.now() - began, files: options.files }
      if (end.type === 'failed') return unfinishedRun(end.reason, history, about)
      return frozenRun(historyOf(job, [...events, freezeAfter(events, end)]), end, {
        ...about,
        invariants,
      })
    },
    async close() {
      await Promise.all([...all].map((thread) => thread.close()))
    },
  }
}

type Frozen = Extract<ThreadEnd, { type: 'frozen' }>

function freezeAfter(events: readonly Event[], { doing, sign }: Frozen): Event {
  return { type: 'freeze', seq: events.length, t: events.at(-1)?.t ?? 0, ...doing, sign }
}

/** Judges what was recorded before the freeze. Such a run never passes. */
function frozenRun(
  history: History,
  { doing: { node, doing }, sign }: Frozen,
  { invariants, ...about }: About & Pick<SimPlayerOptions, 'invariants'>,
): PlayedRun {
  const judgement = judge(history, invariants)
  if (judgement.verdict !== 'fail')
    return unfinishedRun(`${node}'s code froze in ${doing}: ${sign}`, history, about)
  return { history, result: scenarioResult({ history, judgement, ...about }) }
}

function messageOf({ scenario, client, server, seed }: Job, options: PlayOptions): PlayMessage {
  const { name, title, capabilities } = client
  return {
    scenario,
    client: { name, title, capabilities, module: moduleOf(client) },
    server: { name: server.name, title: server.title, module: moduleOf(server) },
    seed,
    files: options.files,
    trace: TRACE_CHANNELS.filter((channel) => options.trace?.has(channel)),
  }
}

function moduleOf({ name, module }: { readonly name: string; readonly module?: string }): string {
  if (module === undefined)
    throw new Problem(`${name} has no module, by which another thread could load it`)
  return module
}
