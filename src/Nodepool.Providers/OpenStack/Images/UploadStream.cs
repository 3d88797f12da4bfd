using System.Security.Cryptography;

namespace Nodepool.Providers.OpenStack.Images;

/// <summary>A file that is read once from its beginning to its end; sums up what goes through it and tells how far it is.</summary>
/// <param name="file">The file; disposed with this.</param>
/// <param name="progress">Gets the share that was read, each hundredth once.</param>
/// <param name="atEnd">Gets the sums when all was read.</param>
internal sealed class UploadStream(FileStream file, IProgress<double> progress, Action<FileSums> atEnd) : Stream
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    private readonly long _length = file.Length;
    private long _read;
    private int _told = -1;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = file.Read(buffer);
        Note(buffer[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Note(buffer.Span[..count]);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
            _sha256.Dispose();
            _sha512.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Note(ReadOnlySpan<byte> data)
    {
        _sha256.AppendData(data);
        _sha512.AppendData(data);
        _read += data.Length;
        var hundredth = _length == 0 ? 100 : (int)(_read * 100 / _length);
        if (hundredth > _told)
        {
            _told = hundredth;
            progress.Report(hundredth / 100d);
            if (_read == _length)
            {
                atEnd(new FileSums(Convert.ToHexStringLower(_sha256.GetCurrentHash()), Convert.ToHexStringLower(_sha512.GetCurrentHash())));
            }
        }
    }
}
