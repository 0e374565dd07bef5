import { MemoryDisk } from '../../../harness/core/ports/memory-database.ts'
import { flawed } from '../wrap.ts'

/** Says "saved" of what is in memory only: as an app does that writes back later, or never. */
export default flawed('forgetful', 'keeps its outbox in memory, and says that it is saved', () => ({
  database: new MemoryDisk().open(),
}))
