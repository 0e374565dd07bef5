import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { guest } from '../../../harness/guest/guest.ts'
import { openApp } from './app.ts'

const about = { name: 'rxdb-memory', title: 'RxDB 17, HTTP replication, memory storage' }

export default guest(about, ({ server }) => openApp(server, getRxStorageMemory()))
