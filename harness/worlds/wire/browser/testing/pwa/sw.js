importScripts('/outbox.js')

self.addEventListener('install', (event) => {
  self.skipWaiting()
  event.waitUntil(caches.open('app').then((cache) => cache.addAll(['/', '/outbox.js'])))
})
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()))
self.addEventListener('fetch', (event) => {
  const isApp = new URL(event.request.url).pathname.split('/')[1] !== 'messages'
  if (!isApp) return
  event.respondWith(
    caches
      .match(event.request, { ignoreSearch: true })
      .then((cached) => cached ?? fetch(event.request)),
  )
})
self.addEventListener('sync', (event) => {
  console.log(`sync in the worker, online: ${navigator.onLine}`)
  event.waitUntil(outbox.send())
})
