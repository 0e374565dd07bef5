import { guest } from '../../../harness/guest/guest.ts'
import { openApp } from './app.ts'
import { persisted } from './persisted.ts'

const about = { name: 'query-core-retry', title: '@tanstack/query-core 5, persister, retry: true' }

export default guest(about, ({ server }) => persisted(openApp(server, { retry: true })))
