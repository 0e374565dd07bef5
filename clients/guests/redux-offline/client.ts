import { guest } from '../../../harness/guest/guest.ts'
import { openApp } from './app.ts'

const about = {
  name: 'redux-offline',
  title: 'redux-offline with its default configuration',
}

export default guest(about, ({ server }) => openApp(server))
