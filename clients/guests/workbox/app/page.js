// A chat: it shows the messages of the server, and those of this phone that are not there yet.
import { openDB } from 'idb'

const place = new URL(location.href).searchParams
const me = place.get('me') ?? 'me'
// Nobody waits 10 s in a test.
const pollMs = 10_000 / Number(place.get('speed') ?? 1)

const database = await openDB('chat', 1, {
  upgrade: (db) => db.createObjectStore('waiting', { autoIncrement: true }),
})

/** The last list that arrived from the server, and the own messages that were not in it. */
let list = []
let waiting = []

const isSame = (a, b) => a.author === b.author && a.text === b.text

/** The messages on the screen. */
const shown = () => [
  ...list.map((message) => ({ ...message, status: 'sent' })),
  ...waiting.map((message) => ({ ...message, status: 'pending' })),
]

function render() {
  document.querySelector('#network').textContent = navigator.onLine ? 'connected' : 'no signal'
  const messages = document.querySelector('#messages')
  messages.replaceChildren(
    ...shown().map(({ author, text, status }) => {
      const li = document.createElement('li')
      li.className = `${author === me ? 'own' : ''} ${status}`
      const about = document.createElement('small')
      const state = status === 'pending' ? 'waiting 🕓' : 'sent ✓'
      about.textContent = author === me ? state : author
      li.append(text, about)
      return li
    }),
  )
  messages.scrollTop = messages.scrollHeight
}

async function load() {
  const response = await fetch('/messages')
  if (!response.ok) throw new Error(`GET /messages: ${response.status}`)
  list = await response.json()
  const arrived = waiting.filter((own) => list.some((message) => isSame(message, own)))
  waiting = waiting.filter((own) => !arrived.includes(own))
  render()
  for (const { key } of arrived) await database.delete('waiting', key)
}

async function send(text) {
  const key = await database.add('waiting', { author: me, text })
  waiting.push({ key, author: me, text })
  render()
  // If this fails, the service worker has put it into its queue.
  const sending = fetch('/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ author: me, text }),
  })
  sending.then(load).catch(() => {})
}

document.querySelector('#form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const input = document.querySelector('#text')
  const text = input.value
  input.value = ''
  await send(text)
})
addEventListener('online', render)
addEventListener('offline', render)
navigator.serviceWorker.register('/sw.js')

for (let cursor = await database.transaction('waiting').store.openCursor(); cursor; ) {
  waiting.push({ ...cursor.value, key: cursor.key })
  cursor = await cursor.continue()
}
render()
window.chat = { shown }

async function poll() {
  await load().catch(() => {})
  setTimeout(poll, pollMs)
}
void poll()
