import { MemoryDisk } from '../../../harness/core/ports/memory-database.ts'
import { flawed } from '../wrap.ts'

/** Reports writes in memory as saved, like an app that writes to disk later or never. */
export default flawed('forgetful', 'keeps its outbox in memory and reports it as saved', () => ({
  database: new MemoryDisk().open(),
}))
