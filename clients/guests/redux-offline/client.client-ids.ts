import { guest } from '../../../harness/guest/guest.ts'
import { openApp } from './app.ts'

const about = {
  name: 'redux-offline-client-ids',
  title: 'redux-offline with the discard of its recipe, and ids that the client makes',
}

const discard = (error) => 'status' in error && error.status >= 400 && error.status < 500

export default guest(about, ({ server }) => openApp(server, { discard }, () => crypto.randomUUID()))
