/** For parts of Node that something asks for and does not use here. */
export default {};
