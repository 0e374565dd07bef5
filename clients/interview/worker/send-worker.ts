import type { ClientRecorder } from '../../../harness/core/ports/recorder.ts'
import type { Worker } from '../../workmanager/worker.ts'
import type { ChatApi } from '../api.ts'
import type { MessageDao } from './messages.ts'

/**
 * Sends all unsynced messages, in order. Any failure makes WorkManager retry. The rows are read
 * once: messages written during the run are not sent, and marking a message as synced writes back
 * the whole row as it was read.
 */
export function sendWorker(messages: MessageDao, api: ChatApi, recorder: ClientRecorder): Worker {
  return async ({ stopSignal }) => {
    try {
      for (const message of messages.unsynced()) {
        const { id, conversation, text, rev } = message
        const sent = await api.send({ id, conversation, text }, stopSignal)
        const marked = messages.update({
          ...message,
          isSynced: 1,
          serverId: sent.id,
          serverTimestamp: sent.timestamp,
        })
        if (!marked) continue
        recorder.emit({ type: 'ackApplied', key: id, rev, outcome: 'applied', cleared: true })
        recorder.screen()
      }
      return 'success'
    } catch {
      return 'retry'
    }
  }
}
