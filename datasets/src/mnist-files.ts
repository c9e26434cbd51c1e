import type { RemoteFile } from './remote-file.ts';
import type { Split } from './image-set.ts';

/** MNIST (LeCun, Cortes, Burges), the four files as published. The checksums and sizes are of the uncompressed files. */
export const MNIST_FILES: Readonly<Record<Split, { readonly images: RemoteFile; readonly labels: RemoteFile }>> = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte',
      size: 47_040_016, // 16 + 60,000·28·28
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      size: 60_008, // 8 + 60,000
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte',
      size: 7_840_016, // 16 + 10,000·28·28
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      size: 10_008, // 8 + 10,000
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
};

/** Where the files lie, gzip-compressed, as `<mirror><name>.gz`; tried in this order. */
export const MNIST_MIRRORS: readonly string[] = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

/** All four, in the order in which they are listed and downloaded: the small test files first. */
export const ALL_MNIST_FILES: readonly RemoteFile[] = [
  MNIST_FILES.test.labels,
  MNIST_FILES.test.images,
  MNIST_FILES.train.labels,
  MNIST_FILES.train.images,
];
