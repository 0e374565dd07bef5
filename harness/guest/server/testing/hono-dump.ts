import { texts } from './hono-server.ts'

export default () =>
  texts.map((text, i) => ({ collection: 'messages', id: String(i), content: { text } }))
