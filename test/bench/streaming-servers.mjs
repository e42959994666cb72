/** S3 and VirusTotal for the streaming benchmark, in a process of their own: bytes out, bytes in, nothing kept. */
import { createServer } from 'node:http';
import { answerOfTable } from './state-table.ts';

const [size, sinkDelayMs] = process.argv.slice(2).map(Number);
const chunk = Buffer.alloc(64 * 1024, 'simulated sample ');

/** Sends `size` bytes, as fast as they are taken. */
function sendObject(response) {
  let left = size;
  const more = () => {
    while (left > 0) {
      const part = left >= chunk.length ? chunk : chunk.subarray(0, left);
      left -= part.length;
      if (!response.write(part) && left > 0) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

const s3 = createServer((request, response) => {
  request.resume();
  response.writeHead(200, {
    'content-length': size,
    'content-type': 'application/octet-stream',
    etag: '"5d41402abc4b2a76b9719d911017c592"',
    'x-amz-request-id': 'bench',
  });
  sendObject(response);
});

let received = 0;
const virusTotal = createServer((request, response) => {
  const answer = (data) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data }));
  };
  if (request.method === 'GET') {
    answer(`http://127.0.0.1:${virusTotal.address().port}/upload/1`);
    return;
  }
  received = 0;
  request.on('data', (part) => {
    received += part.length;
    if (sinkDelayMs > 0) {
      request.pause();
      setTimeout(() => request.resume(), sinkDelayMs);
    }
  });
  request.on('end', () => {
    const id = Buffer.from(`${'0'.repeat(32)}:${Math.floor(Date.now() / 1000)}`).toString('base64');
    response.setHeader('x-received', received);
    answer({ type: 'analysis', id });
  });
});

const otherAws = createServer((request, response) => {
  request.resume().on('end', () => {
    const target = String(request.headers['x-amz-target']);
    const secret = JSON.stringify({ ARN: 'arn', Name: 'key', SecretString: 'k'.repeat(64) });
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(target.startsWith('DynamoDB') ? answerOfTable(target) : secret);
  });
});

let ready = 0;
for (const server of [s3, virusTotal, otherAws]) {
  server.listen(0, '127.0.0.1', () => {
    ready += 1;
    if (ready === 3) process.send([s3, virusTotal, otherAws].map((s) => s.address().port));
  });
}
process.on('disconnect', () => process.exit(0));
