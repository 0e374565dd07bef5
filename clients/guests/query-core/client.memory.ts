import { guest } from '../../../harness/guest/guest.ts'
import { openApp } from './app.ts'

const about = { name: 'query-core-memory', title: '@tanstack/query-core 5, no persister' }

export default guest(about, ({ server }) => openApp(server))
