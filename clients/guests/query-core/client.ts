import { guest } from '../../../harness/guest/guest.ts'
import { openApp } from './app.ts'
import { persisted } from './persisted.ts'

const about = { name: 'query-core', title: '@tanstack/query-core 5, with its persister' }

export default guest(about, ({ server }) => persisted(openApp(server)))
