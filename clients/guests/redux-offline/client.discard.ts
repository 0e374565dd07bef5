import { guest } from '../../../harness/guest/guest.ts'
import { openApp } from './app.ts'

const about = {
  name: 'redux-offline-discard',
  title: 'redux-offline with the discard of its recipe: no response, so try again',
}

const discard = (error) => 'status' in error && error.status >= 400 && error.status < 500

export default guest(about, ({ server }) => openApp(server, { discard }))
