// Modules inside of fake-indexeddb, which it does not export. The bundler finds them.
declare module 'fake-indexeddb-parts/*' {
  // biome-ignore lint/suspicious/noExplicitAny: the library publishes no types of them
  const part: any
  export default part
}
