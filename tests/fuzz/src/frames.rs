//! What a server and its query processes say to each other. An input is taken as it comes from a socket, and besides
//! each of its lines as one frame, since the lengths in front of frames are hard to hit upon.

use segb_graph::query::frame::{FROM_PROCESS_BYTES_MAX, FrameBuffer, FrameError, FromProcess, ToProcess};

/// So few that it is passed.
const FRAME_BYTES_MAX: usize = 4 << 10;

pub(crate) fn run(bytes: &[u8]) {
    let whole = received(bytes, bytes.len());
    for step in [1, 3, 7] {
        assert_eq!(received(bytes, step), whole, "cut into {step} bytes");
    }
    whole.0.iter().for_each(|frame| decode(frame));
    bytes.split(|byte| *byte == b'\n').for_each(decode);
}

/// The frames in some bytes that come in pieces, and how it ends.
fn received(bytes: &[u8], step: usize) -> (Vec<Vec<u8>>, Result<(), FrameError>) {
    let mut buffer = FrameBuffer::new(FRAME_BYTES_MAX);
    let mut frames = Vec::new();
    for part in bytes.chunks(step.max(1)) {
        buffer.receive(part);
        loop {
            match buffer.next_frame() {
                Ok(Some(frame)) => frames.push(frame.to_vec()),
                Ok(None) => break,
                Err(error) => return (frames, Err(error)),
            }
        }
    }
    let length = frames.iter().map(|frame| frame.len() + 4).sum::<usize>();
    assert!(length <= bytes.len(), "more has come out than went in");
    (frames, Ok(()))
}

/// What can be read is read again from what is written of it.
fn decode(frame: &[u8]) {
    let mut written = Vec::new();
    if let Ok(said) = ToProcess::decode(frame) {
        said.encode(&mut written);
        assert_eq!(ToProcess::decode(&only_frame(&written)).as_ref(), Ok(&said));
    }
    written.clear();
    if let Ok(said) = FromProcess::decode(frame) {
        said.encode(&mut written);
        assert_eq!(FromProcess::decode(&only_frame(&written)).as_ref(), Ok(&said));
    }
}

fn only_frame(written: &[u8]) -> Vec<u8> {
    let mut buffer = FrameBuffer::new(FROM_PROCESS_BYTES_MAX);
    buffer.receive(written);
    let frame = buffer.next_frame().expect("a frame").expect("a whole frame").to_vec();
    assert_eq!(buffer.next_frame(), Ok(None));
    frame
}
