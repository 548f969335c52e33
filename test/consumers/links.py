import json, sys
from confluent_kafka import Consumer  # pip install confluent-kafka

brokers, topic = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "matchbook.person-voter"
consumer = Consumer({
    "bootstrap.servers": brokers,
    "group.id": "links",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,  # the table is in memory: read anew at each start
    "isolation.level": "read_committed",
})
links = {}  # tenant/person -> the link in force
consumer.subscribe([topic])
while True:
    message = consumer.poll(1.0)
    if message is None:
        print(len(links), "links", flush=True)
    elif message.error():
        print(message.error(), file=sys.stderr)
    elif message.value() is None:  # a tombstone: the link is gone
        links.pop(message.key().decode(), None)
    else:
        links[message.key().decode()] = json.loads(message.value())
