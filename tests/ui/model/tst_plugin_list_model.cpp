#include <QAbstractItemModelTester>
#include <QtTest>

#include "ui/model/plugin_list_model.h"

using posteria::ui::PluginListModel;

class TestPluginListModel : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void saysWhatIsThereAndWhy() {
        PluginListModel model;
        const QAbstractItemModelTester tester(&model);
        QCOMPARE(model.rowCount(), 0);
        posteria::plugin::Plugin good, bad;
        good.path = "/plugins/spots.so";
        good.id = "org.example.spots";
        good.title = "Spots";
        good.version = "1.2";
        good.kind = POSTERIA_ANALYSIS;
        bad.path = "/plugins/old.so";
        bad.title = "old.so";
        bad.problem = "The plugin describes nothing.";
        model.setPlugins({good, bad});
        const auto text = [&](int row, int column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(text(0, PluginListModel::Name), QString("Spots"));
        QCOMPARE(text(0, PluginListModel::Kind), QString("analysis"));
        QCOMPARE(text(0, PluginListModel::Version), QString("1.2"));
        QCOMPARE(text(0, PluginListModel::State), QString("In use"));
        QCOMPARE(text(1, PluginListModel::Name), QString("old.so"));
        QCOMPARE(text(1, PluginListModel::Kind), QString());
        QCOMPARE(text(1, PluginListModel::State), QString("The plugin describes nothing."));
        QVERIFY(model.index(0, 0).data(PluginListModel::ReadyRole).toBool());
        QVERIFY(!model.index(1, 0).data(PluginListModel::ReadyRole).toBool());
        QCOMPARE(model.index(1, 0).data(Qt::ToolTipRole).toString(), QString("/plugins/old.so"));
        for (int column = 0; column < model.columnCount(); ++column)
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
        model.setPlugins({});
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestPluginListModel)
#include "tst_plugin_list_model.moc"
