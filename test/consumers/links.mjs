import kafkajs from 'kafkajs'

const [brokers, topic = 'matchbook.person-voter'] = process.argv.slice(2)
const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING })
const consumer = kafka.consumer({ groupId: `links-${process.pid}` }) // reads what is committed, and nothing else
const links = new Map() // tenant/person → the link in force

const show = () => console.log(JSON.stringify([...links.values()]))

await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({
  autoCommit: false, // the table is in memory: read anew at each start
  eachMessage: async ({ message: { key, value } }) => {
    if (value === null)
      links.delete(key.toString()) // a tombstone: the link is gone
    else links.set(key.toString(), JSON.parse(value.toString()))
  },
})
process.stdin.on('data', show) // a line asks for the table
process.stdin.on('end', () => consumer.disconnect().then(() => process.exit()))
