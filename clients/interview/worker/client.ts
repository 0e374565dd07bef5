import { v4 } from 'uuid'
import type { Action, WriteAction } from '../../../harness/core/action.ts'
import type {
  Client,
  ClientPorts,
  Identity,
  Performed,
  View,
} from '../../../harness/core/client.ts'
import { payloadHash } from '../../../harness/core/hash.ts'
import { WORK_TABLES } from '../../workmanager/work-spec.ts'
import { WorkManager } from '../../workmanager/workmanager.ts'
import { ChatApi } from '../api.ts'
import { MESSAGE_TABLES, MessageDao, type MessageRow } from './messages.ts'
import { pullWorker } from './pull-worker.ts'
import { sendWorker } from './send-worker.ts'

export const PULL_INTERVAL_MS = 15 * 60_000

/**
 * Insert and enqueue are two transactions on two threads, some milliseconds apart on a phone. Our
 * databases take no time, so this delay restores the gap in which the process can die.
 */
const ENQUEUE_DELAY_MS = 5

const CONNECTED = { requiredNetworkType: 'CONNECTED' } as const

/**
 * The repository pattern of most interviews: save locally, show at once, let WorkManager send.
 * Unique work with KEEP sends the messages; periodic work pulls others' messages every 15 minutes.
 * An unsent message can be edited and deleted, in the local table only.
 */
export class InterviewWorker implements Client {
  readonly #random: ClientPorts['random']
  readonly #recorder: ClientPorts['recorder']
  readonly #messages: MessageDao
  readonly #workManager: WorkManager

  constructor(
    { clock, random, http, database, connectivity, power, recorder }: ClientPorts,
    identity: Identity,
  ) {
    const opened = database({ ...MESSAGE_TABLES, ...WORK_TABLES })
    // No timeout: the coroutine waits as long as WorkManager allows.
    const api = new ChatApi({ http, clock }, identity)
    this.#random = random
    this.#recorder = recorder
    this.#messages = new MessageDao(opened)
    this.#workManager = new WorkManager({
      clock,
      database: opened,
      connectivity,
      power,
      commitDelayMs: ENQUEUE_DELAY_MS,
    })
    this.#workManager.registerWorker('SendMessages', sendWorker(this.#messages, api, recorder))
    this.#workManager.registerWorker('PullMessages', pullWorker(this.#messages, api, recorder))
  }

  start(): void {
    this.#workManager.start()
    void this.#workManager.enqueueUniquePeriodicWork('PULL_MSG', 'KEEP', {
      worker: 'PullMessages',
      repeatInterval: PULL_INTERVAL_MS,
      constraints: CONNECTED,
    })
  }

  stop(): void {
    this.#workManager.stop()
  }

  perform(action: Action): Performed {
    switch (action.type) {
      case 'create':
        return this.#send(action)
      case 'update':
        return this.#edit(action)
      case 'cancel':
        return this.#cancel(this.#messages.byOp(action.target))
      case 'delete':
        return refused('this app cannot delete what others may have read')
      case 'refresh':
        return refused('this app has no pull to refresh')
    }
  }

  view(): View {
    const rows = this.#messages
      .all()
      .sort(
        (a, b) =>
          (a.serverTimestamp ?? UNSENT) - (b.serverTimestamp ?? UNSENT) || a.position - b.position,
      )
    return {
      rows: rows.map((row) => ({
        collection: 'messages',
        id: row.id,
        content: contentOf(row),
        status: row.isSynced === 1 ? 'sent' : 'pending',
        ...(row.record !== undefined && { record: row.record }),
      })),
      outbox: this.#messages.unsynced().map((row) => ({
        key: row.id,
        type: 'create',
        collection: 'messages',
        record: row.record ?? row.id,
        rev: row.rev,
        content: contentOf(row),
        state: 'pending',
      })),
    }
  }

  #send({
    opId,
    collection,
    record,
    content,
  }: Extract<WriteAction, { type: 'create' }>): Performed {
    if (collection !== 'messages') return refused(`this app has no ${collection}`)
    const id = v4({ random: this.#random.bytes(16) })
    const row = this.#messages.insert({
      id,
      record,
      opId,
      conversation: String(content.conversation ?? ''),
      text: String(content.text ?? ''),
    })
    return this.#saved('create', opId, row)
  }

  #edit({
    opId,
    collection,
    record,
    content,
  }: Extract<WriteAction, { type: 'update' }>): Performed {
    const row = collection === 'messages' ? this.#messages.byRecord(record) : undefined
    if (row?.isSynced !== 0) return refused('only a message that was not sent yet can be edited')
    const edited = { ...row, text: String(content.text ?? ''), rev: row.rev + 1 }
    this.#messages.update(edited)
    return this.#saved('update', opId, edited)
  }

  /** Deletes the row only: a worker that has already read it still sends it. */
  #cancel(row: MessageRow | undefined): Performed {
    if (row?.isSynced !== 0)
      return refused('only a message that was not sent yet can be taken back')
    this.#messages.delete(row.id)
    this.#recorder.screen()
    return { saved: Promise.resolve({ durable: true }) }
  }

  /** Reports the row as durable, although the work that sends it is enqueued only later. */
  #saved(write: 'create' | 'update', opId: string, row: MessageRow): Performed {
    this.#recorder.emit({
      type: 'localCommit',
      opId,
      key: row.id,
      write,
      collection: 'messages',
      record: row.record ?? row.id,
      rev: row.rev,
      hash: payloadHash(contentOf(row)),
    })
    this.#recorder.screen()
    void this.#workManager.enqueueUniqueWork(
      'SEND_MSG',
      'KEEP',
      { worker: 'SendMessages', constraints: CONNECTED },
      ({ worker, state }) =>
        this.#recorder.note(`KEEP: ${worker} is ${state.toLowerCase()}, request dropped`, { opId }),
    )
    return { saved: Promise.resolve({ durable: true }) }
  }
}

/** Sorts rows without a server timestamp last. */
const UNSENT = Number.MAX_SAFE_INTEGER

function contentOf({ conversation, text }: MessageRow) {
  return { conversation, text }
}

function refused(reason: string): Performed {
  return { saved: Promise.resolve({ refused: reason }) }
}
