//! Pictures and sound in and out of files, through FFmpeg with confined I/O.
