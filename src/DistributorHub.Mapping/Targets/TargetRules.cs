using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Mapping.Targets;

/// <summary>What must hold between the parts of a table's description once all of them are read.</summary>
sealed class TargetRules(YamlFields fields, IReadOnlyDictionary<string, TableSource> sources, IReadOnlyList<TableDefinition> tables)
{
    public void Check(TableDefinition table)
    {
        var source = sources[table.Name].Map;
        CheckPhysical(table, source);
        CheckParent(table, source);
        CheckKey(table, source);
        CheckVersion(table, source);
        CheckCatalogue(table, source);
    }

    void CheckPhysical(TableDefinition table, YamlMap source)
    {
        var twin = tables.First(t => (t.Schema, t.Physical) == (table.Schema, table.Physical));
        if (twin != table)
            fields.Report(YamlFields.At(source, "is"), "TGT1014", $"Tables '{twin.Name}' and '{table.Name}' are the same table of the database.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in table.Columns)
        {
            if (!seen.Add(column.Physical))
                ReportColumn(source, column.Name, "TGT1014", $"Column '{column.Physical}' of the database is written twice.");
        }
        foreach (var owned in new[] { table.Id, table.ParentColumn, table.Version?.Number, table.Version?.Current })
        {
            if (owned is not null && !seen.Add(owned))
                fields.Report(source, "TGT1014", $"Column '{owned}' of the database has two meanings in table '{table.Name}'.", "the id, the parent's id and the version columns are filled by the hub: leave them out of 'columns'");
        }
    }

    void CheckParent(TableDefinition table, YamlMap source)
    {
        if (table.Parent is null)
        {
            if (table.Policy == TablePolicy.Children)
                fields.Report(YamlFields.At(source, "policy"), "TGT1008", $"Table '{table.Name}' has the policy children and no parent.", "add 'parent: table.id'");
            return;
        }
        var parent = tables.FirstOrDefault(t => t.Name == table.Parent);
        if (parent is null)
            fields.Report(YamlFields.At(source, "parent"), "TGT1008", $"There is no table '{table.Parent}'.", $"tables of this file: {string.Join(", ", tables.Select(t => t.Name))}");
        else if (parent.Id is null)
            fields.Report(YamlFields.At(source, "parent"), "TGT1009", $"Table '{parent.Name}' has no id that rows of '{table.Name}' could refer to.", $"add 'id: {table.ParentId}' to '{parent.Name}'");
        else if (parent.Id != table.ParentId)
            fields.Report(YamlFields.At(source, "parent"), "TGT1009", $"'{table.ParentId}' is not the id of '{parent.Name}'.",
                $"write 'parent: {parent.Name}.{parent.Id}', and where the column of '{table.Name}' is called otherwise: 'parent: {parent.Name}.{parent.Id} = {table.ParentColumn}'");
    }

    void CheckKey(TableDefinition table, YamlMap source)
    {
        var key = YamlFields.At(source, "key");
        foreach (var name in table.Key)
        {
            if (name != table.ParentColumn && table.Find(name) is null)
                ReportUnknown(key, "TGT1007", table, name, withParent: true);
        }
        if (table.Key.Count != table.Key.Distinct(StringComparer.Ordinal).Count())
            fields.Report(key, "TGT1007", "A column stands twice in the key.");
        // A row is found again by equality, and null equals nothing.
        if (table.Key.Count > 0 && table.Key.All(name => table.Find(name) is { Nullable: true }))
            fields.Report(key, "TGT1007", $"Every key column of '{table.Name}' may be null, so no row could be found again.", "make one of them 'not null'");
    }

    void CheckVersion(TableDefinition table, YamlMap source)
    {
        var at = YamlFields.At(source, "version");
        if (table.Policy == TablePolicy.Version)
        {
            if (table.Version is not { } rule || (rule.Number ?? rule.Current) is null)
                fields.Report(at, "TGT1010", $"Table '{table.Name}' has the policy version and nothing that tells versions apart.", "add 'version: { number: revision, current: is_current }'");
            if (table.Id is null)
                fields.Report(source, "TGT1010", $"Table '{table.Name}' has the policy version and no id: several rows share its key.", "add 'id:', the surrogate key column");
            if (table.Parent is not null)
                fields.Report(YamlFields.At(source, "policy"), "TGT1010", $"Table '{table.Name}' has a parent; only a table without one can be versioned.");
        }
        else if (table.Version is { } other && (table.Policy != TablePolicy.Update || other.Number is not null || other.Current is not null))
        {
            fields.Report(at, "TGT1010", $"'version' is not used with the policy {PolicyName(table)}.",
                table.Policy == TablePolicy.Update ? "with update, only newer_by is used" : "use it with the policies version and update");
        }
        if (table.Version?.NewerBy is not { } newer)
            return;
        if (table.Find(newer) is not { } column)
            ReportUnknown(at, "TGT1010", table, newer, withParent: false);
        else if (column.Kind is ColumnKind.Text or ColumnKind.Bool)
            fields.Report(at, "TGT1010", $"Column '{newer}' cannot tell which message is newer.", "newer_by names a date, timestamp or number");
    }

    void CheckCatalogue(TableDefinition table, YamlMap source)
    {
        var at = YamlFields.At(source, "catalogue");
        if (table.Policy != TablePolicy.Catalogue)
        {
            if (table.Catalogue is not null)
                fields.Report(at, "TGT1011", $"'catalogue' is not used with the policy {PolicyName(table)}.", "write 'policy: catalogue'");
            return;
        }
        if (table.Catalogue is not { } rule)
        {
            fields.Report(source, "TGT1011", $"Table '{table.Name}' has the policy catalogue and no 'catalogue'.", "add 'catalogue: { scope: [partner_id], missing: keep }'");
            return;
        }
        foreach (var name in rule.Scope)
        {
            if (name != table.ParentColumn && table.Find(name) is null)
                ReportUnknown(at, "TGT1011", table, name, withParent: true);
        }
        if (rule.Missing != MissingRows.Keep && rule.Scope.Count == 0)
            fields.Report(at, "TGT1011", "Without a scope one partner's full list would end the rows of all partners.", "add 'scope: [partner_id]'");
        if (rule.Missing != MissingRows.Keep && rule.FullWhen is null)
            fields.Report(at, "TGT1011", "Without 'full_when' no list is full, so nothing is ever missing.", "add full_when: function = 'original', or write missing: keep");
        if (rule.MaxMissing is not null && rule.Missing == MissingRows.Keep)
            fields.Report(at, "TGT1011", "A guard has nothing to guard while missing rows are kept.", "write missing: expire or missing: delete");
        CheckExpiry(table, rule, at);
        if (rule.ActionColumn is { } action && table.Find(action) is not { Kind: ColumnKind.Text })
            ReportUnknown(at, "TGT1011", table, action, withParent: false);
        CheckFullWhen(table, rule, at);
        CheckPrice(table, rule, at);
    }

    void CheckPrice(TableDefinition table, CatalogueRule rule, YamlNode at)
    {
        if (rule.Price is not var (name, price))
            return;
        var priced = tables.FirstOrDefault(t => t.Name == name && (t.Name == table.Name || t.Parent == table.Name));
        if (priced is null)
            fields.Report(at, "TGT1011", $"'{name}' is neither '{table.Name}' nor a table whose parent it is.", $"price names a column of '{table.Name}' or of a table below it");
        else if (priced.Find(price) is not { Kind: ColumnKind.Numeric or ColumnKind.Int })
            fields.Report(at, "TGT1011", $"'{name}.{price}' is no number.", $"its columns: {string.Join(", ", priced.Columns.Select(c => c.Name))}");
    }

    void CheckExpiry(TableDefinition table, CatalogueRule rule, YamlNode at)
    {
        if (rule.Missing == MissingRows.Expire && rule.ExpireColumn is null)
            fields.Report(at, "TGT1011", "'missing: expire' needs the column that takes the date.", "add 'expire: valid_to'");
        if (rule.ExpireColumn is not { } expire)
            return;
        if (table.Find(expire) is not { } column)
            ReportUnknown(at, "TGT1011", table, expire, withParent: false);
        else if (column.Kind is not (ColumnKind.Date or ColumnKind.Timestamp))
            fields.Report(at, "TGT1011", $"Column '{expire}' cannot take a date of expiry.", "make it a date or a timestamp");
    }

    void CheckFullWhen(TableDefinition table, CatalogueRule rule, YamlNode at)
    {
        if (rule.FullWhen is not var (column, _))
            return;
        if (table.Parent is null)
            fields.Report(at, "TGT1011", "'full_when' names a column of the parent, and there is no parent.", "add 'parent: table.id'");
        else if (tables.FirstOrDefault(t => t.Name == table.Parent) is { } parent && parent.Find(column) is not { Kind: ColumnKind.Text })
            ReportUnknown(at, "TGT1011", parent, column, withParent: false);
    }

    void ReportUnknown(YamlNode at, string code, TableDefinition table, string name, bool withParent)
    {
        var known = table.Columns.Select(c => c.Name);
        if (withParent && table.ParentColumn is not null)
            known = known.Prepend(table.ParentColumn);
        var message = table.Find(name) is { } column
            ? $"Column '{name}' of '{table.Name}' is a {column.Kind.ToString().ToLowerInvariant()}; a text is needed here."
            : $"Table '{table.Name}' has no column '{name}'.";
        fields.Report(at, code, message, $"its columns: {string.Join(", ", known)}");
    }

    void ReportColumn(YamlMap source, string column, string code, string message)
    {
        var at = YamlFields.At(source, "columns");
        fields.Report(at is YamlMap columns ? YamlFields.At(columns, column) : at, code, message);
    }

    static string PolicyName(TableDefinition table) => table.Policy.ToString().ToLowerInvariant();
}
