// A write that the server rejects (NonRetriableError) leaves the outbox and the screen; only the
// promise of the transaction tells, and it does not survive a restart.
import { NonRetriableError } from '@tanstack/offline-transactions'
import { conclude } from '../lossy-server.mjs'
import { openExecutor } from './executor.mjs'

const { write, notes, executor } = await openExecutor(async () => {
  throw new NonRetriableError('The server rejected this: 404')
})
const outcome = await write({ id: 'errands', text: 'baker' }).isPersisted.promise.catch(
  (error) => error.message,
)
const kept = await executor.peekOutbox()
conclude(
  !notes.has('errands') && kept.length === 0,
  `outcome: ${outcome}; on the screen: ${notes.has('errands')}; in the outbox: ${kept.length}`,
)
