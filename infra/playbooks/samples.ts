/** Sample inputs of the playbooks, shown in the documentation and run by tests. */

const object = {
  key: 'samples/invoice.pdf',
  size: 48_213,
  etag: 'd41d8cd98f00b204e9800998ecf8427e',
  'version-id': 'QUpfdndhfd8438MNFDN93jdnJFkdmqnh893',
  sequencer: '0062E99A88DC407460',
};

/** Sample input by playbook name. */
export const samples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  SubmitFile: { key: 'eicar.com', upload: 'if-unknown' },
  SubmitUrl: { url: 'https://example.com/' },
  FileReputation: { hash: '44d88612fea8a8f36de82e1278abb02f' },
  IpReputation: { ip: '203.0.113.7', details: 'summary' },
  DomainReputation: { domain: 'example.com', details: 'summary' },
  UrlReputation: { url: 'https://example.com/' },
  ScanUrl: { url: 'hxxps://example[.]com/login' },
  // The event that EventBridge sends. Start the playbook with it by hand to scan an existing object.
  ScanUpload: {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'my-uploads' }, object },
  },
  ScanExisting: { bucket: 'my-uploads', prefix: 'incoming/' },
  EnrichIndicators: {
    indicators: [
      '44d88612fea8a8f36de82e1278abb02f',
      '203[.]0[.]113[.]7',
      'example[.]com',
      'hxxps://example[.]com/login',
    ],
    details: 'summary',
  },
};
