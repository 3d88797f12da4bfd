using Nodepool.Cli.Output;

namespace Nodepool.Cli.Watching;

/// <summary>
/// For pipes, files and programs: a new picture only when something but the time has changed. JSON takes one line each, YAML is a
/// stream of documents, tables have an empty line between them.
/// </summary>
internal sealed class WatchLines(TextWriter output, OutputForm form) : IWatchOutput
{
    private string? _last;

    public void Show(Picture picture)
    {
        if (picture.Json == _last)
        {
            return;
        }

        output.Write(form switch
        {
            OutputForm.Json => picture.Json + "\n",
            OutputForm.Yaml => "---\n" + picture.Text,
            _ => _last is null ? picture.Text : "\n" + picture.Text,
        });
        output.Flush();
        _last = picture.Json;
    }

    public void Dispose()
    {
    }
}
