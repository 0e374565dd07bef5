import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { guest } from '../../../harness/guest/guest.ts'
import { openApp } from './app.ts'

const about = {
  name: 'rxdb',
  title: 'RxDB 17, HTTP replication, Dexie storage',
  durable: true,
}

export default guest(about, ({ server }) => openApp(server, getRxStorageDexie()))
