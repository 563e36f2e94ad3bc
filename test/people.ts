import type { Keys } from '#signatures';

/** Keys of ten people: always the same, so that a tree follows from its seed. */
export const people: readonly Keys[] = [
  {
    address: 'e903d7507568b7f34959c65f1a55c72feb1d9fb744e9c3ff120d750f6b4fe125',
    secret: '894729351ce8d5e8d8fa628dd3ca8dc61f2037ffdbd7765b0ffab30af08bff53',
  },
  {
    address: '9553f2571af923c384100b30e80599ddfa2cdb03ee3ebfd65f86a1bae0426b0e',
    secret: 'b40262637dfa6eda444ad38d6b4fbe2718801b1e8b6d961ac6e7340d324e2847',
  },
  {
    address: '3c4b21a6e2d06db4fb12bd6b88c85741c753dd4f3b0629ef649882cdf1ee24f8',
    secret: 'bdab0a08a04af48cc56fbc80f2aa77353597eef54a9fa5a8af2baeea577160bf',
  },
  {
    address: '53ceb543344461dddb744cc824a929231c180234d1a757e3ae39ddc48fee4e94',
    secret: '94e74a638c3ecf13a8b14307ba9d00168236dade974614a963571ad59fbf3d41',
  },
  {
    address: '2d3068717c840ca42829456ae09cba61a32c80dcb774f11a2c0e3ad6603a5e49',
    secret: '686d099062089449c1ffcfee40ede4f39aa5a7d07fd534925688e0fd67b4064b',
  },
  {
    address: '2fb8fafff94bd26ea4cc9493fe1d647884ed6aff31a35de9c9601c0f24d1daa9',
    secret: 'ce7ce2af7021ab8c23b7309047b9ed58fe8bba83693214fd441c7f968484e6c7',
  },
  {
    address: '0931feb7b64c8ca639fce529e8aa84a85c0c8bf894b319091086c287b50435d4',
    secret: '917f91fe49d8913e43052f0070f4346b3f649890dfc023b0077ced48e22c80fd',
  },
  {
    address: 'e463a59561c1b3408a21edc8fd00cdff8f4db0bf8dc3d2ab064d0093d84a6437',
    secret: 'b3989618ee71c4f5cf1b5c7bedee46eeaa7a469cc5e9970a1b65611c5caae86d',
  },
  {
    address: 'fa813297782383b55b6340a0abb30bdd262ea0f277e7496e5d7c4c1bddc37378',
    secret: '6e1f42c46108f44d1a5d54ebdb9b4e25561dfb88c6b8ce8d1d062c35166cef16',
  },
  {
    address: '38fda08cbac796f0f0b1cd31cd3ec6a8c7ca6d4a22466ccfae8cefcdd5539133',
    secret: 'c671992c44745389ebfe1eb7d3035b87c89c706603d352bc696a8d1c9861eb7e',
  },
];
