import type { ClientRecorder } from '../../../harness/core/ports/recorder.ts'
import type { Worker } from '../../workmanager/worker.ts'
import type { ChatApi } from '../api.ts'
import type { MessageDao } from './messages.ts'

/** Pulls the messages that are newer than the newest pulled one. */
export function pullWorker(messages: MessageDao, api: ChatApi, recorder: ClientRecorder): Worker {
  return async ({ stopSignal }) => {
    try {
      const received = await api.list(messages.newestPulled(), stopSignal)
      const texts = new Map(received.map(({ id, text }) => [id, text]))
      for (const row of messages.upsert(received)) {
        // The pull confirms an own message whose response was lost. If its text differs, the pull
        // has overwritten a local edit, which was never acknowledged.
        const arrived = row.isSynced === 0 && texts.get(row.serverId ?? row.id) === row.text
        if (arrived)
          recorder.emit({
            type: 'ackApplied',
            key: row.id,
            rev: row.rev,
            outcome: 'applied',
            cleared: true,
          })
      }
      recorder.screen()
      return 'success'
    } catch {
      return 'retry'
    }
  }
}
